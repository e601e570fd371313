import { useEffect, useRef, useState } from "react";

import { Dialog } from "../../design/Dialog";
import { Notice } from "../../design/Notice";
import { common } from "../../i18n/common";
import { useMessages } from "../../i18n/language";
import { openCamera, type Blindness } from "./camera";
import { findCode } from "./detector";
import { scanTexts } from "./messages";
import "./scan.css";

interface ScanProps {
  readonly onFound: (text: string) => void;
  readonly onClose: () => void;
}

/** Reads a code by the camera. The pictures stay in the page; the camera is off once it is closed. */
export default function Scan({ onFound, onClose }: ScanProps) {
  const t = useMessages(scanTexts);
  const { close } = useMessages(common);
  const picture = useRef<HTMLVideoElement>(null);
  const found = useRef(onFound);
  const [blindness, setBlindness] = useState<Blindness>();
  useEffect(() => {
    found.current = onFound;
  }, [onFound]);
  useEffect(() => {
    const over = new AbortController();
    const { signal } = over;
    const look = async (): Promise<void> => {
      const stream = await openCamera();
      if (typeof stream === "string") return setBlindness(stream);
      const end = (): void => stream.getTracks().forEach((track) => track.stop());
      if (signal.aborted) return end();
      signal.addEventListener("abort", end);
      const video = picture.current!;
      video.srcObject = stream;
      await video.play();
      const text = await findCode(video, signal);
      if (text !== undefined) found.current(text);
    };
    look().catch(() => {
      if (!signal.aborted) setBlindness("none");
    });
    return () => over.abort();
  }, []);
  return (
    <Dialog title={t.title} closing={close} onClose={onClose}>
      {blindness === undefined ? (
        <>
          <video ref={picture} className="scan" muted playsInline aria-label={t.picture} />
          <p className="small muted">{t.hint}</p>
        </>
      ) : (
        <Notice tone="warn" title={t.blind[blindness]}>
          {t.instead[blindness]}
        </Notice>
      )}
    </Dialog>
  );
}

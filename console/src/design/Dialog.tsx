import { useEffect, useId, useRef, type ReactNode } from "react";

import "./dialog.css";

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly closing: string;
  readonly children: ReactNode;
}

/** Asks or shows something above the page, which waits; Escape closes it. */
export function Dialog({ title, onClose, closing, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const shown = dialog.current!;
    shown.showModal();
    return () => shown.close();
  }, []);
  return (
    <dialog ref={dialog} className="dialog" aria-labelledby={id} onCancel={onClose}>
      <header>
        <h2 id={id}>{title}</h2>
        <button type="button" className="close" aria-label={closing} onClick={onClose}>
          ×
        </button>
      </header>
      {children}
    </dialog>
  );
}

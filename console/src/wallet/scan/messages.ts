import type { Catalogue } from "../../i18n/language";

const en = {
  title: "Scan a code",
  picture: "What the camera sees",
  hint: "Hold the code before the camera. The picture does not leave this page.",
  blind: {
    none: "There is no camera here",
    denied: "This page may not use the camera",
    busy: "The camera is used by something else",
  },
  instead: {
    none: "Copy what is below the code, and paste it instead.",
    denied: "Allow it beside the page's address, and try again; or copy what is below the code, and paste it.",
    busy: "Close what uses it, and try again.",
  },
};

const zh: typeof en = {
  title: "扫描二维码",
  picture: "摄像头画面",
  hint: "将二维码置于摄像头前。画面不会离开本页。",
  blind: {
    none: "此处没有摄像头",
    denied: "本页无权使用摄像头",
    busy: "摄像头正被其他程序占用",
  },
  instead: {
    none: "请复制二维码下方的文字并粘贴。",
    denied: "请在地址栏旁允许后重试；或复制二维码下方的文字并粘贴。",
    busy: "请关闭占用它的程序后重试。",
  },
};

export const scanTexts: Catalogue<typeof en> = { en, zh };

import type { Catalogue } from "../../i18n/language";

const en = {
  lead: "What the process that answers runs with. It reads its settings when it starts, from its environment and its file: there they are changed. Secrets are not told, and of addresses elsewhere only the host.",
  set: "Set here",
  noneSet: "Nothing is set: everything is as it is by default, on a local chain for development.",
  others: "By default, or not at all",
  allSet: "Every setting is set.",
  name: "Setting",
  value: "Value",
  source: "From",
  sources: { environment: "environment", file: "file", default: "default" },
  meaning: "Meaning",
  notSet: "not set",
  secret: "set, and secret",
};

const zh: typeof en = {
  lead: "当前应答进程所用的设置。设置在启动时从环境变量与配置文件读取，须在那里修改。不显示机密；外部地址只显示主机名。说明以英文提供。",
  set: "已设置",
  noneSet: "未作任何设置：全部为默认值，并使用本地开发链。",
  others: "默认或未设置",
  allSet: "所有设置均已设置。",
  name: "设置",
  value: "值",
  source: "来源",
  sources: { environment: "环境变量", file: "配置文件", default: "默认" },
  meaning: "说明",
  notSet: "未设置",
  secret: "已设置（机密）",
};

export const settingsTexts: Catalogue<typeof en> = { en, zh };

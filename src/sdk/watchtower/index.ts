export { Handovers, type TowerStatus } from "./handovers";
export type { ChannelPapers } from "./papers";
export {
  termsOfTower,
  towerApi,
  type TowerApi,
  type TowerApiOptions,
  type TowerReport,
  type TowerTerms,
} from "./towerApi";
export { Towers, type WatchtowerOptions } from "./towers";

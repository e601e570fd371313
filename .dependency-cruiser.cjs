/** Imports point one way: cli, console -> sdk -> signer, wire -> protocol; cli -> chain; service -> engine -> protocol; service, watchtower -> store, chain, signer, wire. */
const ROOMS = {
  protocol: [],
  engine: ["protocol"],
  store: ["engine", "chain", "protocol"],
  // Its local chain is deployed to as any other is.
  chain: ["signer", "protocol", "typechain-types", "deploy"],
  wire: ["protocol"],
  // Keys, wherever they are.
  signer: ["wire", "protocol"],
  // What the settings of service and watchtower have in common.
  settings: ["signer", "protocol"],
  // What the service and the watchtower, which know nothing of each other, serve HTTP with.
  http: ["wire"],
  service: ["engine", "store", "chain", "signer", "settings", "http", "wire", "protocol"],
  watchtower: ["store", "chain", "signer", "settings", "http", "wire", "protocol"],
  sdk: ["signer", "wire", "protocol"],
  // Its `serve` runs the service, its `doctor` reads its configuration, its `watchtower` runs a watchtower.
  cli: ["sdk", "signer", "wire", "chain", "service", "watchtower", "protocol"],
  console: ["sdk", "protocol"],
};

const folder = (room) => (["console", "deploy", "typechain-types"].includes(room) ? `${room}/` : `src/${room}/`);
const anyOf = (patterns) => `^(${patterns.join("|")})`;

module.exports = {
  forbidden: [
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    ...Object.entries(ROOMS).map(([room, allowed]) => ({
      name: `${room}-imports`,
      severity: "error",
      from: { path: `^${folder(room)}` },
      to: {
        path: "^(src|console|scripts|test|bench|deploy|typechain-types)/",
        pathNot: anyOf(["src/errors\\.ts", ...[room, ...allowed].map(folder)]),
      },
    })),
    {
      name: "every-room-has-a-rule",
      severity: "error",
      from: { path: "^src/[^/]+/", pathNot: anyOf(Object.keys(ROOMS).map(folder)) },
      to: {},
    },
    {
      name: "pure-rooms",
      severity: "error",
      from: { path: "^src/(protocol|engine)/" },
      to: {
        dependencyTypes: ["core", "npm"],
        pathNot: "(keccak|hash-wasm|secp256k1|buffer|@noble/(hashes|curves)|@scure/base)",
      },
    },
    {
      name: "cli-only-serves-the-service",
      severity: "error",
      from: { path: "^src/cli/", pathNot: "^src/cli/(commands/(serve|doctor)|doctor/store)\\.ts$" },
      to: { path: "^src/service/" },
    },
    {
      name: "cli-only-watches-with-the-watchtower",
      severity: "error",
      from: { path: "^src/cli/", pathNot: "^src/cli/commands/watchtower\\.ts$" },
      to: { path: "^src/watchtower/" },
    },
    {
      name: "no-tests-in-source",
      severity: "error",
      // The gas scripts measure what the contracts' tests set up; the simulation is a test that can also be run for long.
      from: { path: "^(src|console|scripts|bench|deploy)/", pathNot: "^scripts/(gas/|sim\\.ts$)" },
      to: { path: "^test/" },
    },
  ],
  options: {
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
  },
};

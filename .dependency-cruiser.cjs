/** Imports point one way: cli, console -> sdk -> wire -> protocol; cli -> chain; service -> engine -> protocol; service -> store, chain, wire. */
const ROOMS = {
  protocol: [],
  engine: ["protocol"],
  store: ["engine", "chain", "protocol"],
  chain: ["protocol", "typechain-types"],
  wire: ["protocol"],
  service: ["engine", "store", "chain", "wire", "protocol"],
  watchtower: ["chain", "protocol"],
  sdk: ["wire", "protocol"],
  // Its `serve` runs the service, its `doctor` reads its configuration.
  cli: ["sdk", "wire", "chain", "service", "protocol"],
  console: ["sdk", "protocol"],
};

const folder = (room) => (["console", "typechain-types"].includes(room) ? `${room}/` : `src/${room}/`);
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
      to: { dependencyTypes: ["core", "npm"], pathNot: "(keccak|secp256k1|buffer|@noble/(hashes|curves)|@scure/base)" },
    },
    {
      name: "cli-only-serves-the-service",
      severity: "error",
      from: { path: "^src/cli/", pathNot: "^src/cli/commands/(serve|doctor)\\.ts$" },
      to: { path: "^src/service/" },
    },
    {
      name: "no-tests-in-source",
      severity: "error",
      // The gas scripts measure what the contracts' tests set up.
      from: { path: "^(src|console|scripts|bench|deploy)/", pathNot: "^scripts/gas/" },
      to: { path: "^test/" },
    },
  ],
  options: {
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
  },
};

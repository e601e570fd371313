/** Imports point one way: cli, console -> sdk -> protocol; service -> engine -> protocol; service -> store, chain. */
const only = (room, allowed) => ({
  name: `${room}-imports`,
  severity: "error",
  from: { path: `^src/${room}/` },
  to: {
    path: "^(src|scripts|test|bench|typechain-types)/",
    pathNot: `^(src/errors\\.ts|src/(${[room, ...allowed].join("|")})/)`,
  },
});

module.exports = {
  forbidden: [
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    only("protocol", []),
    only("engine", ["protocol"]),
    only("store", ["engine", "protocol"]),
    only("service", ["engine", "store", "chain", "protocol"]),
    only("sdk", ["protocol"]),
    {
      ...only("chain", ["protocol"]),
      to: { path: "^(src|scripts|test|bench)/", pathNot: "^(src/errors\\.ts|src/(chain|protocol)/)" },
    },
    {
      name: "pure-rooms",
      severity: "error",
      from: { path: "^src/(protocol|engine)/" },
      to: { dependencyTypes: ["core", "npm"], pathNot: "(keccak|secp256k1|buffer)" },
    },
    { name: "no-tests-in-source", severity: "error", from: { path: "^(src|scripts|bench)/" }, to: { path: "^test/" } },
  ],
  options: {
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
  },
};

// Mocks are not measured; the optimizer stays on, for the hub does not compile without it.
module.exports = { skipFiles: ["mocks"], configureYulOptimizer: true, istanbulReporter: ["text", "json-summary"] };

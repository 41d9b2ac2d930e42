// The import rules of ARCHITECTURE.md, checked in CI: dependencies run in one direction.
const modules = "^server/modules/";

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: "no-circular",
      severity: "error",
      comment: "A circle has no first file to read.",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "shared-imports-zod-only",
      severity: "error",
      from: { path: "^shared/", pathNot: "\\.test\\.ts$" },
      to: { pathNot: ["^shared/", "^node_modules/zod/"] },
    },
    {
      name: "realtime-imports-shared-only",
      severity: "error",
      from: { path: "^realtime/" },
      to: { path: "^(server|client|scripts|tests)/" },
    },
    {
      name: "client-imports-shared-only",
      severity: "error",
      from: { path: "^client/" },
      to: { path: "^(server|realtime|scripts|tests)/" },
    },
    {
      name: "client-features-stay-apart",
      severity: "error",
      from: { path: "^client/features/([^/]+)/" },
      to: { path: "^client/features/([^/]+)/", pathNot: "^client/features/$1/" },
    },
    {
      name: "client-ui-knows-no-feature",
      severity: "error",
      from: { path: "^client/(ui|api|media)/" },
      to: { path: "^client/(features|app)/" },
    },
    {
      name: "embedded-store-imports-nothing-of-the-project",
      severity: "error",
      from: { path: "^server/embedded-mongo/" },
      to: { path: "^(server|realtime|client|shared|scripts|tests)/", pathNot: "^server/embedded-mongo/" },
    },
    {
      name: "the-fuzzers-model-is-independent",
      severity: "error",
      comment: "A model that shares code with what it checks shares its mistakes.",
      from: { path: "^tests/fuzz/store/(model|generate)/" },
      to: { path: "^server/|^node_modules/(bson|mongodb|mongoose)/" },
    },
    {
      name: "platform-imports-shared-only",
      severity: "error",
      from: { path: "^server/platform/" },
      to: {
        path: "^(server|realtime|client|scripts|tests)/",
        pathNot: ["^server/platform/", "^server/embedded-mongo/launch\\.ts$"],
      },
    },
    {
      name: "vendors-import-platform-and-shared",
      severity: "error",
      from: { path: "^server/vendors/([^/]+)/" },
      to: {
        path: "^(server|realtime|client|scripts|tests)/",
        pathNot: ["^server/vendors/$1/", "^server/platform/"],
      },
    },
    {
      name: "jobs-know-no-module",
      severity: "error",
      from: { path: "^server/jobs/" },
      to: {
        path: "^(server|realtime|client|scripts|tests)/",
        pathNot: ["^server/jobs/", "^server/platform/"],
      },
    },
    {
      name: "modules-stay-in-their-world",
      severity: "error",
      from: { path: modules, pathNot: "\\.test\\.ts$" },
      to: { path: "^(server/(transport|composition|main|embedded-mongo)|realtime|client|scripts|tests)" },
    },
    {
      name: "modules-meet-as-types-through-index",
      severity: "error",
      from: { path: "^server/modules/([^/]+)/" },
      to: { path: modules, pathNot: ["^server/modules/$1/", "^server/modules/[^/]+/index\\.ts$"] },
    },
    {
      name: "modules-import-each-other-as-types-only",
      severity: "error",
      from: { path: "^server/modules/([^/]+)/", pathNot: "\\.test\\.ts$" },
      to: {
        path: "^server/modules/[^/]+/index\\.ts$",
        pathNot: "^server/modules/$1/",
        dependencyTypesNot: ["type-only"],
      },
    },
    {
      name: "vendors-are-met-through-their-interface",
      severity: "error",
      from: { path: modules, pathNot: "\\.test\\.ts$" },
      to: { path: "^server/vendors/", pathNot: "^server/vendors/[^/]+/index\\.ts$" },
    },
    {
      name: "only-mongo-files-know-mongoose",
      severity: "error",
      from: {
        path: "^(server/(modules|transport)|realtime)/",
        pathNot: ["\\.mongo\\.ts$", "\\.test\\.ts$", "\\.(service|index)\\.ts$", "/index\\.ts$"],
      },
      to: { path: "^node_modules/(mongoose|mongodb|bson)/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "transport-meets-modules-through-index",
      severity: "error",
      from: { path: "^server/transport/", pathNot: "\\.test\\.ts$" },
      to: {
        path: "^(server/modules/[^/]+/(?!index\\.ts$)|server/(composition|main)|realtime|client|scripts|tests)",
      },
    },
    {
      name: "only-its-transport-knows-graphql",
      severity: "error",
      from: { path: "^(server|realtime|shared|client)/", pathNot: "^server/transport/graphql/" },
      to: { path: "^node_modules/(graphql|graphql-yoga|@graphql-tools|@envelop)/" },
    },
    {
      name: "nothing-imports-main",
      severity: "error",
      from: { pathNot: "^scripts/start" },
      to: { path: "^server/main\\.ts$" },
    },
    {
      name: "composition-is-for-main-and-scripts",
      severity: "error",
      from: { path: "^(server|realtime|client|shared)/", pathNot: "^server/main\\.ts$" },
      to: { path: "^server/composition", pathNot: "^server/composition/" },
    },
    {
      name: "no-orphans",
      severity: "error",
      from: {
        orphan: true,
        path: "^(server|realtime|shared|client)/",
        pathNot: ["\\.d\\.ts$", "\\.test\\.tsx?$", "\\.config\\.ts$", "^client/public/"],
      },
      to: {},
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(client/dist|data)/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "types", "default"],
      extensions: [".ts", ".tsx", ".mjs", ".js"],
    },
  },
};

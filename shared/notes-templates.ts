// The templates that come with the product: the headings that notes may start with.

export const builtInTemplates = {
  grow: ["Goal", "Reality", "Options", "Way forward"],
  "one-on-one": ["How are things?", "Since last time", "To talk about", "Agreed"],
  retrospective: ["What went well", "What did not", "What we learned", "What we change"],
  "mock-interview": ["Role and setting", "Questions and answers", "What was strong", "What to practise"],
  blank: [],
} as const satisfies Record<string, readonly string[]>;

export type BuiltInTemplate = keyof typeof builtInTemplates;

export const builtInTemplateNames = Object.keys(builtInTemplates) as [BuiltInTemplate, ...BuiltInTemplate[]];

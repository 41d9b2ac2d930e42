// The rows of the REST table about careers: each area keeps its own file, this one only joins them.

export const careerEndpoints = {} as const;

// Words of the administrators' pages.

export const adminStrings = {
  area: "Administration",
  pages: "Administration pages",
  notForYou: "These pages are for administrators of an organisation.",
  organization: {
    title: "Organisation",
    under: (name: string, members: number) =>
      `${name} · ${members === 1 ? "1 member" : `${members} members`}`,
    loading: "Loading your organisation…",
    members: "Members",
    name: "Name",
    role: "Role",
    state: "State",
    none: "Nobody belongs to this organisation yet",
    roles: { admin: "Administrator", member: "Member" } as Record<string, string>,
    states: { active: "Active", inactive: "Shut out", pending: "Invited" },
  },
} as const;

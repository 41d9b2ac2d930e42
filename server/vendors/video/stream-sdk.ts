// Stream's own package, as far as it is used: its licence is for Stream's customers, so it is installed by choice and loaded by name.

/** Written down here, as the package's own types are there only where it is installed. */
export interface StreamClient {
  upsertUsers(users: { id: string; role: string }[]): Promise<unknown>;
  generateCallToken(claims: { user_id: string; call_cids: string[]; iat: number; exp: number }): string;
  video: { call(type: string, id: string): StreamCall };
}

interface StreamCall {
  readonly cid: string;
  getOrCreate(request: { data: { created_by_id: string } }): Promise<StreamRoom>;
  updateCallMembers(
    request: { update_members: StreamMember[] } | { remove_members: string[] },
  ): Promise<unknown>;
  updateUserPermissions(request: {
    user_id: string;
    grant_permissions?: string[];
    revoke_permissions?: string[];
  }): Promise<unknown>;
  blockUser(request: { user_id: string }): Promise<unknown>;
  unblockUser(request: { user_id: string }): Promise<unknown>;
  end(): Promise<unknown>;
}

export interface StreamMember {
  user_id: string;
  role: string;
  custom: Record<string, unknown>;
}

interface StreamRoom {
  call: { blocked_user_ids: string[] };
  members: { user_id: string; role?: string; custom?: Record<string, unknown> }[];
}

export interface StreamSdk {
  StreamClient: new (
    apiKey: string,
    secret: string,
    options: { timeout: number; basePath?: string },
  ) => StreamClient;
}

const packageName: string = "@stream-io/node-sdk";

/** Null where it is not installed. */
export async function loadStreamSdk(): Promise<StreamSdk | null> {
  try {
    return (await import(packageName)) as StreamSdk;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_MODULE_NOT_FOUND") return null;
    throw error;
  }
}

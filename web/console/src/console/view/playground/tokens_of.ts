/** Tokens that the operator mints for accounts, to try things as them. */

import { admin } from "../../admin";
import { api } from "../../route_match";

/** The answer of /api/account/token, as an app's backend would get it. */
export interface Envelope {
  code: number;
  message: string;
  data: {
    appId: string;
    appAccount: string;
    token: string;
    miUserSecurityKey: string;
    [field: string]: unknown;
  };
}

export function mint(app: string, account: string): Promise<Envelope> {
  return admin.post<Envelope>(api`/apps/${app}/token`, { account });
}

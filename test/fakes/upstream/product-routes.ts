/** The few product calls that Codex 0.169 makes with a login (codex-observed "Other calls seen with a login"); the rest is 404, which it takes calmly. */
import { sendJson } from './answer';
import type { Behaviour } from './behaviour';
import type { Route } from './route';

/** Says who asks: the proxy must pass nobody's login but the caller's. */
const tellOwner: Behaviour = ({ response, account }) => sendJson(response, 200, { own: account.name });

export const productRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/backend-api/wham/accounts/check',
    name: null,
    standard: ({ response, account }) => {
      const id = account.chatgptAccountId;
      const entry = {
        id,
        account_user_id: account.login.identity.chatgptUserId,
        account_user_role: 'account-owner',
        structure: 'personal',
        plan_type: account.login.identity.plan,
        is_zdr: false,
        workspace_backend_origin: null,
        account_routing_override: 'NO_CONSTRAINT',
      };
      sendJson(response, 200, { accounts: [entry], default_account_id: id, account_ordering: [id] });
    },
  },
  {
    method: 'GET',
    path: /^\/backend-api\/(?:wham\/settings\/user|ps\/plugins\/installed)$/,
    name: null,
    standard: tellOwner,
  },
  {
    method: 'POST',
    path: /^\/backend-api\/(?:ps\/mcp|codex\/analytics-events\/events)$/,
    name: null,
    standard: tellOwner,
  },
];

/** `/api/firewall/ips` (spec/admin-api.md 7.5). */
import { Router } from 'express';
import { FirewallAddition } from '../contract/firewall';
import { withoutNulls } from '../contract/null-as-absent';
import { compile } from '../contract/validate';
import { TightropeError } from '../platform/errors';
import type { FirewallService } from './firewall-service';

/** Routes below `/api`. */
export function firewallRoutes(firewall: Pick<FirewallService, 'list' | 'add' | 'remove'>): Router {
  const readAddition = compile(FirewallAddition, 'body', { code: 'invalid_ip' });
  const router = Router();

  router.get('/firewall/ips', (_request, response) => {
    response.json(firewall.list());
  });

  router.post('/firewall/ips', async (request, response) => {
    const { ipAddress, ip_address, allowLoopback = false } = readAddition(withoutNulls(request.body));
    const address = ipAddress ?? ip_address;
    if (address === undefined) {
      throw new TightropeError('invalid_ip', { message: 'ipAddress is required.', param: 'ipAddress' });
    }
    response.json(await firewall.add(address, allowLoopback));
  });

  // The rest of the path, so that a network may come with its slash encoded or as it is.
  router.delete('/firewall/ips/*ip', async (request, response) => {
    const { ip } = request.params as { readonly ip: string | readonly string[] };
    await firewall.remove(typeof ip === 'string' ? ip : ip.join('/'));
    response.json({ status: 'deleted' });
  });

  return router;
}

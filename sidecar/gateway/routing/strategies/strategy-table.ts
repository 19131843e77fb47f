/** Every strategy by the name under which it is set. */
import type { RoutingStrategy } from '../../../contract/routing';
import { costAware } from './cost-aware';
import { deadlineAware } from './deadline-aware';
import { drainHop, stayWith } from './drain-hop';
import { fillFirst } from './fill-first';
import { headroom } from './headroom';
import { latencyEwma } from './latency-ewma';
import { leastOutstanding } from './least-outstanding';
import { powerOfTwo } from './power-of-two';
import { resetSoonest } from './reset-soonest';
import { roundRobin } from './round-robin';
import type { Strategy } from './strategy';
import { successRate } from './success-rate';
import { bookCredits, weightedRoundRobin } from './weighted-round-robin';

/** `parts` = what a reader needs to understand the score. */
export const STRATEGIES: Readonly<Record<RoutingStrategy, Strategy>> = {
  round_robin: { pick: roundRobin, parts: ['headroom', 'inflight'] },
  weighted_round_robin: {
    pick: weightedRoundRobin,
    remember: bookCredits,
    parts: ['weight', 'headroom', 'errorRate', 'troubleRate', 'inflight'],
  },
  drain_hop: { pick: drainHop, remember: stayWith, parts: ['headroom', 'inflight', 'resetInMs'] },
  headroom: { pick: headroom, parts: ['headroom', 'inflight'] },
  least_outstanding: { pick: leastOutstanding, parts: ['headroom', 'inflight'] },
  latency_ewma: { pick: latencyEwma, parts: ['firstEventMs', 'headroom', 'inflight'] },
  power_of_two: { pick: powerOfTwo, parts: ['headroom', 'errorRate', 'troubleRate', 'firstEventMs', 'inflight'] },
  success_rate: { pick: successRate, parts: ['errorRate', 'troubleRate', 'headroom', 'inflight'] },
  cost_aware: {
    pick: (candidates, state) => costAware(candidates, state),
    parts: ['cost', 'headroom', 'errorRate', 'inflight'],
  },
  deadline_aware: {
    pick: (candidates, state) => deadlineAware(candidates, state),
    parts: ['headroom', 'errorRate', 'troubleRate', 'firstEventMs', 'inflight'],
  },
  fill_first: { pick: fillFirst, parts: ['headroom', 'inflight', 'resetInMs'] },
  reset_soonest: { pick: resetSoonest, parts: ['resetInMs', 'headroom', 'inflight'] },
};

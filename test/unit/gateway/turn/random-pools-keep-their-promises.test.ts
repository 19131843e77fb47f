/**
 * Random pools, faults and clients against what design §3 promises: one account's events per answer, nothing sent again after
 * visible output, nothing of one account sent to another, every answer ended once, everything given back.
 */
import { FAULTS } from './model/upstream-stories';
import { PoolWorld } from './model/pool-world';

const WORLDS = 50;
const STEPS = 120;

test(`in ${String(WORLDS * STEPS)} random steps no promise is broken`, async () => {
  const worlds = Array.from({ length: WORLDS }, (_, at) => new PoolWorld(at + 1));
  for (let step = 0; step < STEPS; step += 1) await Promise.all(worlds.map((world) => world.step()));
  await Promise.all(worlds.map((world) => world.finish()));

  expect(worlds.flatMap(({ violations }) => violations).slice(0, 5)).toEqual([]);

  // The steps went to every corner that the promises are about.
  const told = (verb: (typeof FAULTS)[number] | 'answer'): number =>
    worlds.reduce((sum, { upstream }) => sum + (upstream.told.get(verb) ?? 0), 0);
  expect(FAULTS.filter((verb) => told(verb) === 0)).toEqual([]);
  const rows = worlds.flatMap((world) => world.rows);
  const moved = rows.filter(({ attempts }) => new Set(attempts.map(({ accountId }) => accountId)).size > 1);
  expect(moved.filter(({ statusCode }) => statusCode === 200).length).toBeGreaterThan(50);
  expect(rows.filter(({ sticky }) => sticky).length).toBeGreaterThan(100);
  expect(rows.filter(({ errorCode }) => errorCode === 'client_disconnected').length).toBeGreaterThan(5);
}, 60_000);

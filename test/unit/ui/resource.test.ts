import { ApiError } from '../../../ui/api/request';
import { resource } from '../../../ui/state/resource';

test('a failed reading keeps the old value and says why', async () => {
  let fail = false;
  const one = resource(() => (fail ? Promise.reject(new ApiError(503, 'busy', 'Busy.')) : Promise.resolve('value')));
  await one.refresh();
  fail = true;
  await one.refresh();
  expect([one.data.value, one.error.value?.code]).toEqual(['value', 'busy']);
});

test('a refresh during a reading makes one more reading, not two side by side', async () => {
  let running = 0;
  let most = 0;
  let readings = 0;
  const one = resource(async () => {
    running += 1;
    most = Math.max(most, running);
    readings += 1;
    await Promise.resolve();
    running -= 1;
    return readings;
  });
  await Promise.all([one.refresh(), one.refresh(), one.refresh()]);
  expect([most, readings, one.data.value]).toEqual([1, 2, 2]);
});

test('what was asked for before a reset does not come back', async () => {
  let answer: (value: string) => void = () => undefined;
  const one = resource(() => new Promise<string>((resolve) => (answer = resolve)));
  const reading = one.refresh();
  one.reset();
  answer('old');
  await reading;
  expect(one.data.value).toBeNull();
});

import { createEventBus } from '../../../sidecar/platform/event-bus';

test('every listener gets every event until it is taken away', () => {
  const bus = createEventBus<{ type: 'n'; n: number }>();
  const got: string[] = [];
  const stop = bus.on(({ n }) => got.push(`a${n}`));
  bus.on(({ n }) => got.push(`b${n}`));
  bus.emit({ type: 'n', n: 1 });
  stop();
  stop();
  bus.emit({ type: 'n', n: 2 });
  expect(got).toEqual(['a1', 'b1', 'b2']);
});

test('one function added twice is called twice, and taken away one by one', () => {
  const bus = createEventBus<string>();
  const listener = jest.fn();
  const stop = bus.on(listener);
  bus.on(listener);
  bus.emit('x');
  stop();
  bus.emit('y');
  expect(listener.mock.calls).toEqual([['x'], ['x'], ['y']]);
});

test('a listener that throws keeps no other from hearing', () => {
  const failures: unknown[] = [];
  const bus = createEventBus<string>((error, event) => failures.push([event, error]));
  const heard = jest.fn();
  const failure = new Error('mine');
  bus.on(() => {
    throw failure;
  });
  bus.on(heard);
  bus.emit('x');
  expect(heard).toHaveBeenCalledWith('x');
  expect(failures).toEqual([['x', failure]]);
});

test('without somebody for failures the emitter gets them, after everybody heard', () => {
  const bus = createEventBus<string>();
  const heard = jest.fn();
  bus.on(() => {
    throw new Error('mine');
  });
  bus.on(heard);
  expect(() => {
    bus.emit('x');
  }).toThrow('mine');
  expect(heard).toHaveBeenCalled();
});

test('a listener may take itself away while it is called', () => {
  const bus = createEventBus<number>();
  const got: number[] = [];
  const stop = bus.on((n) => {
    got.push(n);
    stop();
  });
  bus.emit(1);
  bus.emit(2);
  expect(got).toEqual([1]);
});

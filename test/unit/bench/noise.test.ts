import { noiseOf } from '../../bench/figures/noise';
import type { MeasuredWindow, ScenarioResult } from '../../bench/figures/measured-window';
import { windowsOf } from './windows';

function resultOf(windows: readonly MeasuredWindow[]): ScenarioResult {
  return { id: 'J32', title: '', unit: 'request', baseline: 'pipe', windows, notes: [] };
}

test('a steady baseline on a quiet machine is not noisy', () => {
  expect(noiseOf(resultOf(windowsOf('pipe', 'rate', [100, 110, 120])))).toEqual([]);
});

test('a baseline that varies by more than a quarter is', () => {
  expect(noiseOf(resultOf(windowsOf('pipe', 'rate', [100, 110, 130])))).toEqual(['pipe varied by 27 %']);
});

test('so is a machine that others use or that is taken away', () => {
  const windows = windowsOf('pipe', 'rate', [100, 100]).map((window) => {
    return { ...window, otherShare: 0.3, stealShare: 0.21 };
  });
  expect(noiseOf(resultOf(windows))).toEqual([
    'other programs used 30 % of the machine',
    'the hypervisor took 21 % of the machine',
  ]);
});

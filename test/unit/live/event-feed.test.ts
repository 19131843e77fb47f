import { EventFeed, FeedEntry, KEPT_EVENTS } from '../../../sidecar/live/event-feed';

const entry = (seq: number): FeedEntry => new FeedEntry(seq, 'test', 1000 + seq, () => ({ seq }));
const seqs = (entries: readonly FeedEntry[] | null): number[] | null => entries?.map(({ seq }) => seq) ?? null;

describe('the feed of live events', () => {
  it('gives a reader that comes back what it missed, and nothing twice', () => {
    const feed = new EventFeed(10);
    for (const seq of [11, 13, 14]) feed.add(entry(seq));
    expect(seqs(feed.after(11))).toEqual([13, 14]);
    expect(seqs(feed.after(12))).toEqual([13, 14]);
    expect(seqs(feed.after(14))).toEqual([]);
    expect(seqs(feed.after(10))).toEqual([11, 13, 14]);
  });

  it('says so when it cannot know what a reader missed', () => {
    const feed = new EventFeed(10);
    feed.add(entry(11));
    expect(feed.after(9)).toBeNull();
    expect(feed.after(12)).toBeNull();
  });

  it('forgets the oldest, and says so to those who would need them', () => {
    const feed = new EventFeed(0);
    for (let seq = 1; seq <= KEPT_EVENTS + 2; seq += 1) feed.add(entry(seq));
    expect(feed.after(1)).toBeNull();
    expect(feed.after(2)).toHaveLength(KEPT_EVENTS);
  });

  it('delivers in order, many at once, to whoever listens by then', async () => {
    const feed = new EventFeed(0);
    const heard: number[][] = [];
    feed.add(entry(1));
    const stop = feed.listen((entries) => heard.push(entries.map(({ seq }) => seq)));
    feed.add(entry(2));
    feed.add(entry(3));
    expect(heard).toEqual([]);
    await new Promise(setImmediate);
    stop();
    feed.add(entry(4));
    await new Promise(setImmediate);
    expect(heard).toEqual([[2, 3]]);
  });

  it('makes the message once and only when it is asked for', () => {
    const data = jest.fn(() => ({ answer: 42 }));
    const one = new FeedEntry(7, 'test', 5, data);
    expect(data).not.toHaveBeenCalled();
    expect(one.bytes).toBe(one.bytes);
    expect(JSON.parse(one.bytes.toString())).toEqual({ seq: 7, type: 'test', atMs: 5, data: { answer: 42 } });
    expect(data).toHaveBeenCalledTimes(1);
  });
});

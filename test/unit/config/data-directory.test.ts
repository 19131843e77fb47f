import { loadConfig } from '../../../sidecar/config/load';

function defaultDatabase(platform: NodeJS.Platform, env: Readonly<Record<string, string>>): string {
  return loadConfig({ flags: {}, env, cwd: '/anywhere', platform }).config.database.path;
}

describe('the default data directory', () => {
  it('is below ~/.local/share on Linux', () => {
    expect(defaultDatabase('linux', { HOME: '/home/u' })).toBe('/home/u/.local/share/tightrope/store.db');
  });

  it('follows XDG_DATA_HOME, but not a relative one', () => {
    expect(defaultDatabase('linux', { HOME: '/home/u', XDG_DATA_HOME: '/data' })).toBe('/data/tightrope/store.db');
    expect(defaultDatabase('linux', { HOME: '/home/u', XDG_DATA_HOME: 'data' })).toBe(
      '/home/u/.local/share/tightrope/store.db',
    );
  });

  it('is in Application Support on macOS', () => {
    expect(defaultDatabase('darwin', { HOME: '/Users/u' })).toBe(
      '/Users/u/Library/Application Support/tightrope/store.db',
    );
  });

  it('is in APPDATA on Windows, or where that usually is', () => {
    expect(defaultDatabase('win32', { APPDATA: 'D:\\Roaming', USERPROFILE: 'C:\\Users\\u' })).toBe(
      'D:\\Roaming\\tightrope\\store.db',
    );
    expect(defaultDatabase('win32', { USERPROFILE: 'C:\\Users\\u' })).toBe(
      'C:\\Users\\u\\AppData\\Roaming\\tightrope\\store.db',
    );
  });
});

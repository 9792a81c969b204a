import { existsSync } from 'node:fs';
import { it } from 'vitest';
import { chromium, type Browser } from 'playwright-core';

const path = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';

/** Declare a test in a real Chromium: skipped with a notice where there is none, or fails when TAGDISTILL_NO_SKIP=1. */
export function itInBrowser(name: string, body: (browser: Browser) => Promise<void>): void {
  if (!existsSync(path)) {
    const notice = `needs Chromium at ${path}; install it or set CHROMIUM_PATH`;
    if (process.env['TAGDISTILL_NO_SKIP'] === '1') {
      it(name, () => {
        throw new Error(notice);
      });
    } else {
      console.warn(`skipped "${name}": ${notice}`);
      it.skip(name, () => undefined);
    }
    return;
  }
  it(name, async () => {
    const browser = await chromium.launch({
      executablePath: path,
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'],
    });
    try {
      await body(browser);
    } finally {
      await browser.close();
    }
  });
}

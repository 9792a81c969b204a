import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { evaluateBundles } from '../../src/evaluate/evaluate-bundles.js';
import { htmlReport, markdownReport } from '../../src/evaluate/report/index.js';
import { trainItem2Tag } from '../../student/index.js';
import { smallItems, writeSmallDataset } from '../support/small-dataset.js';
import { TINY } from '../support/small-student.js';
import { itInBrowser } from './browser.js';

const EVIL = '<script>document.title = "taken over"</script>';
let dir: string;
let html: string;
let markdown: string;
let url: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tagdistill-report-'));
  const items = smallItems(120).map((item, i) => ({
    ...item,
    text: i % 10 === 9 ? `${item.text} ${EVIL}` : item.text,
    itemTags: i % 20 === 9 ? ([[`${EVIL} & "tag"`, 0.5]] as const) : item.itemTags,
  }));
  await writeSmallDataset(join(dir, 'data'), items);
  const dataset = join(dir, 'data');
  await trainItem2Tag({ dataset, out: join(dir, 'first'), ...TINY });
  await trainItem2Tag({
    dataset,
    out: join(dir, 'second'),
    ...TINY,
    settings: { nDims: 16, epochs: 1 },
    seed: 3,
  });
  const evaluations = await evaluateBundles({
    bundles: [join(dir, 'first'), join(dir, 'second')],
    labels: join(dir, 'data'),
  });
  html = htmlReport(evaluations);
  markdown = markdownReport(evaluations);
  await writeFile(join(dir, 'report.html'), html);
  url = pathToFileURL(join(dir, 'report.html')).href;
});
afterAll(() => rm(dir, { recursive: true, force: true }));

interface Visit {
  readonly page: Page;
  readonly requests: string[];
  readonly complaints: string[];
}

async function open(
  browser: Browser,
  options: NonNullable<Parameters<Browser['newPage']>[0]>,
): Promise<Visit> {
  const page = await browser.newPage(options);
  const requests: string[] = [];
  const complaints: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(url);
  return { page, requests, complaints };
}

/** Contrast of the text and page colours, by WCAG's formula. */
async function contrast(page: Page, selector: string): Promise<number> {
  return page.evaluate((wanted) => {
    const luminance = (colour: string): number => {
      const [r, g, b] = colour.match(/[\d.]+/g)!.map((part) => {
        const c = Number(part) / 255;
        return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
    };
    const element = document.querySelector(wanted)!;
    const style = getComputedStyle(element);
    const ink = luminance(element instanceof SVGElement ? style.fill : style.color);
    const paper = luminance(getComputedStyle(document.body).backgroundColor);
    return (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05);
  }, selector);
}

describe('the report page', () => {
  it('escapes every text, and says in Markdown what a card takes', () => {
    expect(html).not.toContain('<script');
    expect(html).toContain('&lt;script&gt;');
    expect(markdown).toContain(
      '| bundle | P@1 | nDCG@5 | nDCG@10 | Recall@10 | PSP@5 | ECE@5 | outside vocabulary |',
    );
  });

  itInBrowser(
    'stands alone: no request beside itself, no complaint, nothing of a hostile text runs',
    async (browser) => {
      const { page, requests, complaints } = await open(browser, {});
      expect(requests).toEqual([url]);
      expect(complaints).toEqual([]);
      expect(await page.title()).not.toBe('taken over');
      expect(await page.locator('h2').allTextContents()).toEqual([
        'Size, speed, cost',
        'Item tags',
        'User tags',
      ]);
      expect(await page.locator('svg').count()).toBe(8);
      expect(await page.locator('svg polyline').first().getAttribute('points')).toMatch(/\d/);
      expect(await page.locator('.example').count()).toBeGreaterThan(8);
    },
  );

  itInBrowser('reads on a phone: only tables scroll, each in its own box', async (browser) => {
    const { page } = await open(browser, { viewport: { width: 390, height: 800 } });
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width).toBeLessThanOrEqual(390);
    const outside = await page
      .locator('main :not(.scroll, .scroll *)')
      .evaluateAll(
        (elements) => elements.filter((element) => element.getBoundingClientRect().right > 391).length,
      );
    expect(outside).toBe(0);
  });

  itInBrowser('reads in light and in dark', async (browser) => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const { page } = await open(browser, { colorScheme });
      for (const selector of ['body', '.note', 'th', 'small', '.hit', 'summary', '.s0', '.s1', 'svg text']) {
        expect(await contrast(page, selector), `${selector}, ${colorScheme}`).toBeGreaterThan(4.5);
      }
    }
    const { page } = await open(browser, { colorScheme: 'dark' });
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe(
      'rgb(18, 22, 28)',
    );
  });

  itInBrowser('prints', async (browser) => {
    const { page } = await open(browser, { colorScheme: 'dark' });
    const pdf = await page.pdf({ format: 'A4' });
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe(
      'rgb(255, 255, 255)',
    );
  });
});

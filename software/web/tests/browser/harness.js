// Headless Chromium for the tests of the pages: what it says on its console, what axe finds, and pictures of it.

import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const tools = createRequire(join(process.env.HOPGATE_WEB_TOOLS, 'package.json'));
const puppeteer = tools('puppeteer-core');
const AXE = readFileSync(tools.resolve('axe-core/axe.min.js'), 'utf8');
const SHOTS = process.env.HOPGATE_SHOTS;

/** Widths and colours that each page is looked at in. */
export const LOOKS = [1200, 390].flatMap((width) => ['light', 'dark'].map((scheme) => ({ width, scheme })));

/** Starts the browser; it ends with the tests. */
export async function browse(test) {
  const browser = await puppeteer.launch({ executablePath: process.env.CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] });
  test.after(() => browser.close());
  return browser;
}

/** Opens a page, and keeps everything that it complains of and asks for. */
export async function open(browser, url, { width = 1200, scheme = 'light', before = async () => undefined } = {}) {
  const page = await browser.newPage();
  await before(page);
  const complaints = [];
  const asked = [];
  page.on('console', (message) => ['error', 'warn', 'warning'].includes(message.type()) && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => asked.push(request.url()));
  page.on('requestfailed', (request) => complaints.push(`${request.url()}: ${request.failure()?.errorText}`));
  page.on('response', (response) => response.status() >= 400 && complaints.push(`${response.url()}: ${response.status()}`));
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }, { name: 'prefers-reduced-motion', value: 'reduce' }]);
  await page.setViewport({ width, height: 900 });
  await page.goto(url, { waitUntil: 'networkidle0' });
  return { page, complaints, asked };
}

/** What axe finds that is serious. */
export async function serious(page) {
  // by the protocol, past the page's own policy, which stays as it is
  const found = await page.evaluate(`${AXE}; axe.run().then((all) => all.violations.map((v) => [v.impact, v.id, v.nodes.map((n) => n.target.join(' ')).slice(0, 4)]))`);
  return found.filter(([impact]) => impact === 'serious' || impact === 'critical');
}

/** That a page is as it should be: quiet, accessible, no wider than its window; and a picture of it. */
export async function inspect({ page, complaints }, name) {
  assert.deepEqual(complaints, [], name);
  assert.deepEqual(await serious(page), [], name);
  assert.equal(await page.evaluate('Math.max(document.documentElement.scrollWidth - innerWidth, 0)'), 0, `${name} is wider than its window`);
  if (SHOTS) {
    mkdirSync(SHOTS, { recursive: true });
    await page.screenshot({ path: join(SHOTS, `${name}.png`), fullPage: true });
  }
}

/** The text of an element. */
export const text = (page, selector) => page.$eval(selector, (element) => element.textContent.trim());

/** Tabs until this element has the focus. */
export async function tabTo(page, selector, most = 200) {
  for (let i = 0; i < most; i++) {
    if (await page.evaluate((s) => document.activeElement?.matches(s), selector)) return;
    await page.keyboard.press('Tab');
  }
  assert.fail(`the keyboard does not reach ${selector}`);
}

// SPDX-License-Identifier: EUPL-1.2
// The browser of all checks: Chromium without its own window (Debian: chromium-headless-shell). With the window it loads pages
// of that window beside ours for each tab, and those took longer than what is looked at. CHROMIUM names another one.
import { chromium } from 'playwright-core';

export const WHERE = { executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium-headless-shell', headless: true, args: ['--no-sandbox', '--disable-gpu'] };

export const launch = (...more) => chromium.launch({ ...WHERE, args: [...WHERE.args, ...more] });
// Keeps what pages store in `folder`; options as Playwright's launchPersistentContext.
export const launchKeeping = (folder, options) => chromium.launchPersistentContext(folder, { ...WHERE, ...options });

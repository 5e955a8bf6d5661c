import type { Locator, Page } from 'playwright-core';

/** Somebody who uses a page. What one hand can do, the other must be able to do, too. */
export interface Hand {
  readonly name: 'mouse' | 'keyboard';
  /** Presses a button, follows a link, ticks a box. */
  press(target: Locator): Promise<void>;
  /** Writes a text in the place of what is there. */
  write(target: Locator, text: string): Promise<void>;
  /** Chooses an entry of a list by its name. */
  choose(target: Locator, name: string): Promise<void>;
  /** Opens a menu by its button, and takes an entry of it. */
  pick(button: Locator, entry: string): Promise<void>;
  /** Chooses a stretch in the middle of a picture over time. */
  stretch(picture: Locator): Promise<void>;
  /** Gives the path of a file to what asks for one when a button is pressed. */
  giveFile(button: Locator, path: string): Promise<void>;
}

/** More steps than any page has between two things one uses. */
const stepsMax = 250;

/** Entries a menu has at most. */
const entriesMax = 20;

/** Presses a button, and gives a file to the window of the system that it opens. */
async function giveFile(hand: Pick<Hand, 'press'>, button: Locator, path: string): Promise<void> {
  const [chooser] = await Promise.all([button.page().waitForEvent('filechooser'), hand.press(button)]);
  await chooser.setFiles(path);
}

/** Points and clicks. */
export function mouse(): Hand {
  const hand: Hand = {
    name: 'mouse',
    press: (target) => target.click(),
    async write(target, text) {
      await target.click();
      await target.fill(text);
    },
    choose: async (target, name) => void (await target.selectOption({ label: name })),
    async pick(button, entry) {
      await button.click();
      await button.page().getByRole('menuitem', { name: entry }).click();
    },
    async stretch(picture) {
      await picture.scrollIntoViewIfNeeded();
      const box = await picture.boundingBox();
      if (box === null) throw new Error('There is no picture');
      const { mouse: pointer } = picture.page();
      await pointer.move(box.x + box.width * 0.3, box.y + box.height / 2);
      await pointer.down();
      await pointer.move(box.x + box.width * 0.6, box.y + box.height / 2, { steps: 4 });
      await pointer.up();
    },
    giveFile: (button, path) => giveFile(hand, button, path),
  };
  return hand;
}

/** What of an element is asked on the page. */
interface OnPage {
  readonly ownerDocument: { readonly activeElement: { matches(selector: string): boolean } | null };
}

/** Runs on the page. */
function whatIsFocused(target: OnPage): 'it' | 'skip' | 'another' {
  const focused = target.ownerDocument.activeElement;
  const isTarget: boolean = Object.is(focused, target);
  if (isTarget) return 'it';
  return focused?.matches('.skip') === true ? 'skip' : 'another';
}

/** Never touches the pointer: goes from one thing to the next with Tab, and uses it with Enter or Space. */
export function keyboard(page: Page): Hand {
  async function reach(target: Locator): Promise<void> {
    await target.waitFor();
    const isInContent = (await page.locator('#main').filter({ has: target }).count()) > 0;
    for (let step = 0; step < stepsMax; step++) {
      const here = await target.evaluate(whatIsFocused);
      if (here === 'it') return;
      // The first thing on every page leads to its content.
      await page.keyboard.press(isInContent && here === 'skip' ? 'Enter' : 'Tab');
    }
    throw new Error(`Tab never comes to ${String(target)}`);
  }

  const hand: Hand = {
    name: 'keyboard',
    async press(target) {
      await reach(target);
      const boxes = await target.and(page.locator('input[type=checkbox]')).count();
      await page.keyboard.press(boxes > 0 ? 'Space' : 'Enter');
    },
    async write(target, text) {
      await reach(target);
      await page.keyboard.press('Control+a');
      await page.keyboard.press('Delete');
      await page.keyboard.type(text);
    },
    async choose(target, name) {
      await reach(target);
      // A closed list goes to what begins with the letters that are typed.
      await page.keyboard.type(name);
      await page.keyboard.press('Tab');
    },
    async pick(button, entry) {
      await hand.press(button);
      // The menu takes the focus a moment after it is there; arrows then go round in it.
      await page.locator('[role=menu]:focus-within').waitFor();
      const focused = page.getByRole('menuitem', { name: entry }).and(page.locator(':focus'));
      for (let step = 0; (await focused.count()) === 0; step++) {
        if (step === entriesMax) throw new Error(`The arrows never come to ${entry}`);
        await page.keyboard.press('ArrowDown');
      }
      await page.keyboard.press('Enter');
    },
    async stretch(picture) {
      await reach(picture);
      for (const key of ['ArrowRight', 'ArrowRight', 'Shift+ArrowRight', 'Enter']) await page.keyboard.press(key);
    },
    giveFile: (button, path) => giveFile(hand, button, path),
  };
  return hand;
}

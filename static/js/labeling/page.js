// The label page: opens the frames, and starts each part of the page.

import { byId } from "../shared/elements.js";
import { Pictures } from "./canvas/pictures.js";
import { startCanvas } from "./canvas/start.js";
import { Bindings } from "./keys/bindings.js";
import { boxCommands, labelCommands } from "./keys/box-commands.js";
import { listenToButtons } from "./keys/buttons.js";
import { CheatSheet } from "./keys/cheat-sheet.js";
import { frameCommands, markCommands } from "./keys/frame-commands.js";
import { listenToKeys } from "./keys/keyboard.js";
import { viewCommands } from "./keys/view-commands.js";
import { addressesOf, opened, posted } from "./opening.js";
import { showBoxes } from "./panel/boxes.js";
import { Conflicts } from "./panel/conflicts.js";
import { Labels } from "./panel/labels.js";
import { tell } from "./panel/notices.js";
import { showPeople } from "./panel/people.js";
import { showPlace } from "./panel/place.js";
import { Playing } from "./panel/playing.js";
import { showSaid } from "./panel/said.js";
import { showSaving } from "./panel/saving.js";
import { toldStep } from "./panel/steps.js";
import { showStrip } from "./panel/strip.js";
import { start as startProposals } from "./proposals/start.js";
import { start as startReview } from "./review/start.js";
import { start as startTracking } from "./tracking/start.js";

const root = byId("label", HTMLElement);
const addresses = addressesOf(root);
const pictures = new Pictures(addresses.picture, Number(root.dataset.total));
pictures.get(Number(root.dataset.first));
const { workbench, live, rest } = await opened(root);
const { stage, cancel } = startCanvas(workbench, pictures);
const playing = new Playing(workbench, pictures);
const bindings = new Bindings(workbench, JSON.parse(root.dataset.bindings ?? "{}"), (chosen) =>
  posted(addresses.keys, JSON.stringify({ bindings: chosen })),
);
const sheet = new CheatSheet(workbench, bindings);
workbench.register([
  ...markCommands(workbench, toldStep),
  ...frameCommands(workbench),
  ...labelCommands(workbench),
  ...boxCommands(workbench, stage, cancel),
  ...viewCommands(stage),
  ...playing.commands,
  sheet.command,
]);
startTracking(workbench, root);
new Labels(workbench, addresses.newLabel);
new Conflicts(workbench, (number) => pictures.addressOf(number));
showBoxes(workbench);
showPlace(workbench);
showStrip(workbench);
showPeople(workbench, live);
showSaving(workbench);
showSaid(workbench);
startReview(workbench, root);
startProposals(workbench, root);
listenToKeys(workbench, bindings);
listenToButtons(workbench, bindings);
byId("stage", HTMLElement).focus({ preventScroll: true });
if (await workbench.queue.open()) tell("left");
live.start();
await rest();

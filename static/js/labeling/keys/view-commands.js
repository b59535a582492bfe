// The commands of the view: how large the frame is seen, how bright, with what over it.

/**
 * @typedef {import("../workbench.js").Command} Command
 * @typedef {import("../canvas/stage.js").Stage} Stage
 */

const CLOSER = 1.25;
const BRIGHTER = 1.2;
export const DARKEST = 0.4;
export const BRIGHTEST = 3;

/**
 * @param {Stage} stage
 * @returns {Command[]}
 */
export function viewCommands(stage) {
  const { workbench, view } = stage;
  const group = "View";
  const repeats = true;
  /** @param {() => void} change */
  const seen = (change) => () => {
    change();
    stage.draw();
    workbench.dispatchEvent(new CustomEvent("changed"));
  };
  /** @param {number} factor */
  const brighten = (factor) => {
    stage.brightness = Math.max(DARKEST, Math.min(stage.brightness * factor, BRIGHTEST));
    if (Math.abs(stage.brightness - 1) < 0.01) stage.brightness = 1;
  };
  return [
    { name: "zoom-in", group, words: "Zoom in", keys: ["+", "="], run: seen(() => view.zoom(CLOSER)), repeats },
    { name: "zoom-out", group, words: "Zoom out", keys: ["-"], run: seen(() => view.zoom(1 / CLOSER)), repeats },
    { name: "fit", group, words: "See the whole frame", keys: ["z"], run: seen(() => view.fit()) },
    {
      name: "zoom-to-box",
      group,
      words: "Zoom to the selected boxes",
      keys: ["Shift+z"],
      run: seen(() => view.zoomTo(around(workbench.chosen))),
      whyNot: () => (workbench.chosen.length ? "" : "Select a box first"),
    },
    { name: "brighter", group, words: "Brighter", keys: ["k"], run: seen(() => brighten(BRIGHTER)), repeats },
    { name: "darker", group, words: "Darker", keys: ["j"], run: seen(() => brighten(1 / BRIGHTER)), repeats },
    {
      name: "guides",
      group,
      words: "Guides through the pointer",
      keys: ["x"],
      run: seen(() => {
        stage.hasGuides = !stage.hasGuides;
      }),
      isOn: () => stage.hasGuides,
    },
    {
      name: "hide-boxes",
      group,
      words: "Hide the boxes",
      keys: ["v"],
      run: seen(() => {
        stage.areBoxesHidden = !stage.areBoxesHidden;
      }),
      isOn: () => stage.areBoxesHidden,
    },
  ];
}

/**
 * @param {import("../editing/frames.js").Box[]} boxes
 * @returns {import("../canvas/geometry.js").Corners}
 */
function around(boxes) {
  const sides = [0, 1, 2, 3].map((side) => boxes.map(({ corners }) => corners[side]));
  return [Math.min(...sides[0]), Math.min(...sides[1]), Math.max(...sides[2]), Math.max(...sides[3])];
}

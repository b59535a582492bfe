// The page of a video: draws the boxes, turns from frame to frame, and plays them.

import "../shared/labeled-frames.js";
import "../shared/turning.js";
import "./player.js";

// The Videos tab: its table, and what is being uploaded.

import "./table.js";
import "../videos/upload/start.js";

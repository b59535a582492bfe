// What every page needs: messages, the dialog, parts that refresh themselves, times in the reader's zone.
import "./notices.js";
import "./dialog.js";
import "./live.js";
import "./times.js";
import "./menus.js";

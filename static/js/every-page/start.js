// What every page needs: messages, signing in again, the operator's banner, the dialog, parts that refresh themselves,
// the plan of a training, notifications for those who look elsewhere, times in the reader's zone, and no page from
// before the sign-out.

import "./messages.js";
import "./session.js";
import "./banner.js";
import "../dialog/dialog.js";
import "../dialog/dialog-loading.js";
import "./refreshing.js";
import "./training-plan.js";
import "./notifications.js";
import "./local-times.js";
import "./menus.js";
import "../dialog/sending.js";
import "./disabled-buttons.js";
import "./reload-restored-page.js";

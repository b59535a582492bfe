// The Datasets tab: its table, the dialog that imports, and buttons that put an advised number into a field.

import "./table.js";
import "../datasets/chosen-file.js";
import "../datasets/upload.js";

package com.qualcomm.hardware.limelightvision;

import java.util.Arrays;
import java.util.List;

public class LLResult {
    public boolean valid = true;
    public long staleness;
    public final List<LLResultTypes.DetectorResult> found;

    public LLResult(LLResultTypes.DetectorResult... found) {
        this.found = Arrays.asList(found);
    }

    public boolean isValid() {
        return valid;
    }

    public long getStaleness() {
        return staleness;
    }

    public List<LLResultTypes.DetectorResult> getDetectorResults() {
        return found;
    }
}

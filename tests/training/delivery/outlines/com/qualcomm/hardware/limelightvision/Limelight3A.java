package com.qualcomm.hardware.limelightvision;

/** Gives `latest` and nothing else. `pipeline`: the one that it was told to run. */
public class Limelight3A {
    public LLResult latest;
    public boolean connected = true;
    public boolean started;
    public int pipeline = -1;

    public boolean pipelineSwitch(int index) {
        pipeline = index;
        return true;
    }

    public void start() {
        started = true;
    }

    public void stop() {
        started = false;
    }

    public boolean isConnected() {
        return connected;
    }

    public LLResult getLatestResult() {
        return started ? latest : null;
    }
}

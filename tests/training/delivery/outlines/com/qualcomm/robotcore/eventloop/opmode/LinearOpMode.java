package com.qualcomm.robotcore.eventloop.opmode;

import com.qualcomm.robotcore.hardware.HardwareMap;
import org.firstinspires.ftc.robotcore.external.Telemetry;

/** Lets the loop of an OpMode run as often as `rounds` says. */
public abstract class LinearOpMode {
    public HardwareMap hardwareMap = new HardwareMap();
    public Telemetry telemetry = new Telemetry();
    public int rounds = 1;

    public abstract void runOpMode();

    public void waitForStart() {
    }

    public final boolean opModeIsActive() {
        return rounds-- > 0;
    }

    public final void sleep(long milliseconds) {
    }
}

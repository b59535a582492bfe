package org.firstinspires.ftc.robotcore.internal.camera.calibration;

public class CameraCalibration {
}

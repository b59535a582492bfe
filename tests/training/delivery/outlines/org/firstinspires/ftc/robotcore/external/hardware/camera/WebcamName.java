package org.firstinspires.ftc.robotcore.external.hardware.camera;

public interface WebcamName extends CameraName {
}

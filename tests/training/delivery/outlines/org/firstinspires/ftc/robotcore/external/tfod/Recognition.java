package org.firstinspires.ftc.robotcore.external.tfod;

public interface Recognition {
    String getLabel();

    float getConfidence();

    float getLeft();

    float getRight();

    float getTop();

    float getBottom();
}

package org.firstinspires.ftc.robotcore.external;

/** Prints what a Driver Station would show, and three hyphens at the end of each update. */
public class Telemetry {
    public void addData(String caption, String format, Object... values) {
        System.out.println(caption + " : " + String.format(format, values));
    }

    public void addLine(String line) {
        System.out.println(line);
    }

    public boolean update() {
        System.out.println("---");
        return true;
    }
}

package com.qualcomm.robotcore.eventloop.opmode;

public @interface TeleOp {
    String name() default "";
}

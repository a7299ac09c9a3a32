"""What to do at once, by the kind of danger, in both languages."""

WHAT_TO_DO = {
    "brakes": (
        "先别开了。正在行驶的话松开油门，挂低挡减速，拉住电子手刹缓慢停下，打开双闪。停稳后不要再启动。",
        "Stop driving. If you are moving: off the accelerator, a low gear, hold the parking brake "
        "switch to slow down, hazard lights on. Once stopped, leave the car where it is.",
    ),
    "steering": (
        "先别开了。握稳方向盘慢慢减速，靠边停稳并打开双闪，停下后不要再启动。",
        "Stop driving. Hold the wheel firmly, slow down gently, pull over with the hazard lights "
        "on, and leave the car where it is.",
    ),
    "fire": (
        "马上停车熄火，所有人离开车辆，到几十米外的上风处，不要开引擎盖，附近不要有明火。"
        "看到明火先拨 119。",
        "Stop, switch the car off and get everyone well away from it, upwind. Do not open the "
        "bonnet and keep flames away. If you see fire, call 119 first.",
    ),
    "battery": (
        "马上停车断电，所有人下车并远离车辆，不要触碰高压部件，不要充电。冒烟或起火先拨 119。",
        "Stop, switch the car off and get everyone well away from it. Touch nothing of the "
        "high-voltage system and do not charge. If there is smoke or fire, call 119 first.",
    ),
    "overheating": (
        "马上找安全的地方停车熄火。水箱盖现在不能打开，会喷出开水，也不要再启动。",
        "Pull over where it is safe and switch the engine off. Do not open the radiator cap, it is "
        "scalding, and do not start the engine again.",
    ),
    "crash": (
        "先确认人有没有受伤：有人受伤拨 120，并拨 122 报警。打开双闪，人撤到护栏外或路边安全处。",
        "First make sure nobody is hurt: for injuries call 120, and 122 for the police. Hazard "
        "lights on, and everyone off the road, behind the barrier.",
    ),
    "tyre": (
        "别再开了。正在行驶的话握稳方向盘，不要急刹，慢慢靠边停下，打开双闪。",
        "Do not drive on. If you are moving: hold the wheel firmly, no hard braking, roll to the "
        "side, hazard lights on.",
    ),
    "trapped": (
        "车里有人出不来，现在就拨 119 或 110。车内升温很快，人有不适又等不到救援，"
        "就敲碎离人最远的车窗。",
        "With someone shut in the car, call 119 or 110 now. A closed car heats up fast: if they "
        "are unwell and help is not there, break the window furthest from them.",
    ),
}
"""First steps by kind of danger; the others get the general ones."""
GENERAL = (
    "先别开了。尽快靠边停车，打开双闪，人离开车辆到安全处，停下后不要再启动。",
    "Stop driving. Pull over as soon as you can, hazard lights on, get everyone to a safe place "
    "and do not start the car again.",
)

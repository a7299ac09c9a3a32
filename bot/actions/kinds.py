"""What bodies and kinds of drive are called, in Chinese and in English."""

ENERGY_NAMES = {
    "petrol": ("燃油", "petrol"),
    "hybrid": ("混动", "hybrid"),
    "plug_in_hybrid": ("插电混动", "plug-in hybrid"),
    "electric": ("纯电", "electric"),
}
BODY_NAMES = {
    "sedan": ("轿车", "sedan"),
    "hatchback": ("两厢车", "hatchback"),
    "suv": ("SUV", "SUV"),
    "mpv": ("MPV", "MPV"),
    "pickup": ("皮卡", "pickup"),
}

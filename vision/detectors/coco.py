"""The labels of COCO, in the two numberings that models use."""

from __future__ import annotations

_NAMES = """person bicycle car motorcycle airplane bus train truck boat traffic_light fire_hydrant stop_sign
parking_meter bench bird cat dog horse sheep cow elephant bear zebra giraffe backpack umbrella handbag tie suitcase
frisbee skis snowboard sports_ball kite baseball_bat baseball_glove skateboard surfboard tennis_racket bottle
wine_glass cup fork knife spoon bowl banana apple sandwich orange broccoli carrot hot_dog pizza donut cake chair couch
potted_plant bed dining_table toilet tv laptop mouse remote keyboard cell_phone microwave oven toaster sink
refrigerator book clock vase scissors teddy_bear hair_drier toothbrush"""

# The ids 1..90 of the paper's list that never got a picture.
_NEVER_USED = {12, 26, 29, 30, 45, 66, 68, 69, 71, 83}

COCO_80 = tuple(name.replace("_", " ") for name in _NAMES.split())
COCO_90 = dict(zip((number for number in range(1, 91) if number not in _NEVER_USED), COCO_80, strict=True))

def tile_grid(*a, **k): return ""
def border(): pass

"""How the system's allocator hands out memory in a server (mallopt(3); only glibc reads it).

It reads this when a process starts, so whoever starts the server sets it.
"""

ALLOCATOR = {
    # Each thread would take memory of its own from the system and hardly give it back.
    "MALLOC_ARENA_MAX": "2",
    # Large pieces come and go beside the rest, which would else be left full of holes: once one
    # was freed, glibc puts all of up to 32 MB among the small ones. The least that packing a page
    # does not need: to ask the system for each piece costs it a third more.
    "MALLOC_MMAP_THRESHOLD_": str(512 * 1024),
    "MALLOC_TRIM_THRESHOLD_": str(1024 * 1024),
}

"""Which thing of one service is which thing of another: file names, packs, paths, hashes, ids."""

"""The page “Warning signs”."""

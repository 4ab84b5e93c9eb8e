"""What was read and found earlier: never needed, never wrong, only faster."""

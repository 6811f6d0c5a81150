"""Plant known values in copies of logs."""

"""The sample newsroom of ``newsletter demo``: real towns of Rugao county; all else in it is invented."""

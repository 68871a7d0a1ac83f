"""The HTTP side: what readers and gateways reach over the net. Only this room knows fastapi and uvicorn."""

@echo off
rem Double-click to start ftcml in WSL2 (docs/operators/install.md). Close this window, or press Ctrl-C, to stop it.
wsl.exe -d Debian --cd ~/ftcml -- make run
pause

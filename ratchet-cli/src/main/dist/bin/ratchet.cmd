@echo off
rem Starts Ratchet from its distribution. Untested: written to the contract of the script "ratchet" beside it.
setlocal
set "home=%~dp0.."
set "java=java"
if defined JAVA_HOME set "java=%JAVA_HOME%\bin\java"
"%java%" -version 2>&1 | findstr /r /c:"version \"2[5-9]" /c:"version \"[3-9][0-9]" >nul
if errorlevel 1 (
    echo ratchet: no Java 25 found; install a JDK 25 or newer, or set JAVA_HOME to one 1>&2
    exit /b 4
)
rem ratchet.terminal stays unset, so there are no colours and no progress line: a batch file cannot tell a terminal.
rem Only as the first word is "serve" recognised here; see the script "server-options" for the reasons.
set "options=-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
if not "%~1"=="serve" goto run
if not defined RATCHET_SERVER_HEAP set "RATCHET_SERVER_HEAP=512m"
set "options=-Xms64m -Xmx%RATCHET_SERVER_HEAP% -XX:+UseSerialGC -XX:+ExitOnOutOfMemoryError"
set "options=%options% -XX:ReservedCodeCacheSize=96m --enable-native-access=ALL-UNNAMED"
:run
"%java%" %options% -XX:-UsePerfData -Xlog:disable -Xlog:all=warning:stderr ^
    -Dfile.encoding=UTF-8 -Dstdout.encoding=UTF-8 -Dstderr.encoding=UTF-8 ^
    "-Dratchet.home=%home%" -jar "%home%\ratchet.jar" %*
exit /b %errorlevel%

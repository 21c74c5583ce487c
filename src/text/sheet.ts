/** What every sheet over the page has. */
export const sheetText = {
  close: '← Back to the lab',
  print: 'Print',
};

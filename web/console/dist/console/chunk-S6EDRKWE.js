import{M as n}from"./chunk-B6DJLWED.js";function t({tone:o="plain",children:e}){return n("span",{class:"tag","data-tone":o,children:e})}export{t as a};
